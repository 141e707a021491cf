"""Values to pages: Jinja2 and WeasyPrint live here. Same statement, same bytes."""
