"""What composes the packages: the command line, the settings, the steps of an edition."""
