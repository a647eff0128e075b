"""Exports of Indico, in; the same at other times, or the CSV that Indico takes, out."""

from unsched.exchange.indico.read import read_indico
from unsched.exchange.indico.write import write_indico_csv, write_indico_json

__all__ = ["read_indico", "write_indico_csv", "write_indico_json"]
