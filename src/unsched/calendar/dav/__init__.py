"""CalDAV (RFC 4791): feeds published to a server and kept up to date by difference, and busy times read from one."""
