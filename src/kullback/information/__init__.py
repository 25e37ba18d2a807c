"""Around a distribution: the Fisher metric, bounds between divergences, samples that tell."""

from kullback.information.bounds import Bounds as Bounds
from kullback.information.bounds import bounds as bounds
from kullback.information.fisher import fisher_information as fisher_information
from kullback.information.rao import fisher_rao as fisher_rao
from kullback.information.samples import SamplesToTell as SamplesToTell
from kullback.information.samples import samples_to_tell as samples_to_tell
