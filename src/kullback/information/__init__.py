"""Around a distribution: the Fisher metric, bounds, samples that tell, and codes that lose."""

from kullback.information.bounds import Bounds as Bounds
from kullback.information.bounds import bounds as bounds
from kullback.information.codes import Bottleneck as Bottleneck
from kullback.information.codes import GaussianBottleneck as GaussianBottleneck
from kullback.information.codes import RateDistortion as RateDistortion
from kullback.information.codes import bottleneck as bottleneck
from kullback.information.codes import gaussian_bottleneck as gaussian_bottleneck
from kullback.information.codes import rate_distortion as rate_distortion
from kullback.information.fisher import fisher_information as fisher_information
from kullback.information.rao import fisher_rao as fisher_rao
from kullback.information.samples import SamplesToTell as SamplesToTell
from kullback.information.samples import samples_to_tell as samples_to_tell
