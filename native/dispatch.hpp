// From a question's name to its terms.
#pragma once
#include "probabilities.hpp"
#include "terms.hpp"

namespace kullback {

template <class F>
auto with_terms(Question of, double parameter, F&& f) {
    switch (of) {
        case Question::js: return parameter == 0.5 ? f(EvenJensenShannon{}) : f(JensenShannon{parameter});
        case Question::jeffreys: return f(Jeffreys{});
        case Question::tv: return f(TotalVariation{});
        case Question::hellinger: return f(SquaredHellinger{});
        case Question::chi2: return f(ChiSquare{});
        case Question::hockey_stick: return f(HockeyStick{parameter});
        case Question::power: return f(Power{parameter});
        case Question::cross_entropy: return f(CrossEntropy{});
        case Question::entropy: return f(CrossEntropy{});
        case Question::kl: break;
    }
    return f(KL{});
}

}  // namespace kullback
