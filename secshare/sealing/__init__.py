"""What a recipient can open: for now the age file, of one document or of a ZIP of several."""

from secshare.sealing.agefile import seal, sealed_name, work_factor

__all__ = ["seal", "sealed_name", "work_factor"]
