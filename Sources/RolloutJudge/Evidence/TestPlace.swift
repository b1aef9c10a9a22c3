/// Where a candidate's tests stand: in one population, of all requests or of one model's.

struct TestPlace: Sendable {
  var candidate: Int
  var population: Population
  /// By place among the models that are looked at apart; nil: all requests.
  var stratum: Int?
}

extension RolloutEvidence {
  subscript(candidate: Int, population: Population) -> TestSet {
    _read {
      if population == .live { yield live[candidate] } else { yield shadow[candidate] }
    }
    _modify {
      if population == .live { yield &live[candidate] } else { yield &shadow[candidate] }
    }
  }

  subscript(place: TestPlace) -> TestSet {
    _read {
      if let stratum = place.stratum {
        yield strata[place.candidate, place.population, stratum]
      } else {
        yield self[place.candidate, place.population]
      }
    }
    _modify {
      if let stratum = place.stratum {
        yield &strata[place.candidate, place.population, stratum]
      } else {
        yield &self[place.candidate, place.population]
      }
    }
  }
}
