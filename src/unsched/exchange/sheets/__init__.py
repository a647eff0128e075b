"""Problems as sheets: a workbook, or a folder of CSV files, with a table for each kind of fact."""
