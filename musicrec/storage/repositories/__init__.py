"""One repository a table family: domain values in, domain values out."""
