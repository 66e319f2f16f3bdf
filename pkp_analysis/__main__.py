"""`python -m pkp_analysis` is the command `pkp`."""

from .cli import main

if __name__ == "__main__":
    main()
