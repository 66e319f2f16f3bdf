"""The panel of the explorer and the way JupyterLab is started."""
