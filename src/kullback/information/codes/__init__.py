"""Codes that lose something: the least rate for what they keep."""

from kullback.information.codes.bottleneck import Bottleneck as Bottleneck
from kullback.information.codes.bottleneck import bottleneck as bottleneck
from kullback.information.codes.gaussian import GaussianBottleneck as GaussianBottleneck
from kullback.information.codes.gaussian import gaussian_bottleneck as gaussian_bottleneck
from kullback.information.codes.rate_distortion import RateDistortion as RateDistortion
from kullback.information.codes.rate_distortion import rate_distortion as rate_distortion
