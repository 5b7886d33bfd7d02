"""Makes what services need before they run: packages, Node, the build, migrations."""
