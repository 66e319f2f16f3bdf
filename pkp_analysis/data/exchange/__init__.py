"""What comes from agencies and goes to them: a downloaded file, the form, the marked copy, the WebAPI of BPS."""
