"""Files as other consortia take them in; what they ask for is data, under sql/export/consortia."""
