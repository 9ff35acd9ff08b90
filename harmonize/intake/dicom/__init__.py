"""DICOM headers, DICOMweb JSON and NIfTI, staged by file; no pixel is read."""
