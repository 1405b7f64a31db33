"""Two-body motion without process noise as a transition model of Stone Soup."""

from __future__ import annotations

import math

import numpy as np
from stonesoup.base import Property
from stonesoup.models.base import GaussianModel
from stonesoup.models.transition.base import TransitionModel
from stonesoup.types.array import CovarianceMatrix, StateVector


class TwoBody(TransitionModel, GaussianModel):
    """Point mass about the Earth; position [m] and velocity [m s-1] in an inertial frame."""

    gravitational_parameter: float = Property(doc="[m3 s-2]")

    @property
    def ndim_state(self) -> int:
        return 6

    def covar(self, **_: object) -> CovarianceMatrix:
        return CovarianceMatrix(np.zeros((6, 6)))

    def pdf(self, *_: object, **__: object) -> float:
        raise NotImplementedError

    def rvs(self, *_: object, **__: object) -> StateVector:
        return StateVector(np.zeros(6))

    def _fall(self, place: np.ndarray) -> np.ndarray:
        return -self.gravitational_parameter / np.linalg.norm(place) ** 3 * place

    def _carried(self, state: np.ndarray, step: float) -> np.ndarray:
        def rate(values: np.ndarray) -> np.ndarray:
            return np.concatenate([values[3:], self._fall(values[:3])])

        k1 = rate(state)
        k2 = rate(state + 0.5 * step * k1)
        k3 = rate(state + 0.5 * step * k2)
        k4 = rate(state + step * k3)
        return state + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

    def function(self, state: object, noise: bool = False, time_interval: object = None, **_: object) -> StateVector:
        values = np.asarray(state.state_vector, float).ravel()
        return StateVector(self._carried(values, time_interval.total_seconds()))

    def jacobian(self, state: object, time_interval: object = None, **_: object) -> np.ndarray:
        """The gravity gradient at the middle of the step stands for the step."""
        values, step = np.asarray(state.state_vector, float).ravel(), time_interval.total_seconds()
        place = values[:3] + 0.5 * step * values[3:]
        distance = math.sqrt(place @ place)
        pull = self.gravitational_parameter / distance**3
        gradient = pull * (3.0 * np.outer(place, place) / distance**2 - np.eye(3))
        corner = np.eye(3) + 0.5 * step**2 * gradient
        return np.block([[corner, step * np.eye(3) + step**3 / 6.0 * gradient], [step * gradient, corner]])
