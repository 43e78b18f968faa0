"""Makes what is installed: programs that bring their Python along, and packages of them. Run by build.py."""
