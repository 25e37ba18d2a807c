"""Integrals over the line."""

from kullback.methods.quadrature.method import Quadrature

__all__ = ["Quadrature"]
