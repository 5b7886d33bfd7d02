"""What every Blogbus service is built on. It knows no blog: nothing here names a post or a comment."""
