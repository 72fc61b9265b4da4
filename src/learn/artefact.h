#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "learn/recommender.h"

/// Trained models as bytes, so that they survive a restart. The layout: docs/formats/models.md.
namespace rapport::learn {

/// One model of a set.
struct KeptModel {
  std::string spec;  ///< as it was trained: "item-bm25:neighbours=100"
  /// What it learned from: "purchases", "all" (views too), "attributes".
  std::string basis;
  std::shared_ptr<const Recommender> model;
};

/// Models over one list of items, trained together. An immutable value once made.
struct ModelSet {
  std::int64_t trained_ms = 0;  ///< when
  std::uint64_t position = 0;   ///< of the log: what they have seen
  std::uint64_t customers = 0, purchases = 0, views = 0, baskets = 0;
  std::vector<std::string> items;  ///< names by number
  std::vector<KeptModel> models;

  /// The first of that name (settings aside); null when there is none.
  template <class Model>
  const Model* find(std::string_view name) const {
    for (const KeptModel& kept : models) {
      if (std::string_view(kept.spec).substr(0, kept.spec.find(':')) == name)
        return dynamic_cast<const Model*>(kept.model.get());
    }
    return nullptr;
  }
};

/// Errors: unsupported for a model that keeps rows of customers, naming it.
Result<std::string> encode_models(const ModelSet& set);
/// The bytes' own digest is checked first, then every number. Errors: corrupt for anything that encode_models
/// did not write; unsupported for a later version.
Result<ModelSet> decode_models(std::string_view bytes);
/// The same without the header and its digest: what a fuzzer reaches.
Result<ModelSet> decode_model_payload(std::string_view payload);

}  // namespace rapport::learn
