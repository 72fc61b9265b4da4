#pragma once

#include "views/tags/tags.h"

/// The tags, one a file; tags.cc lists them.
namespace rapport::views::tags {

// base.cc: every clear trait under its own name
void base(model::PropertyId trait, std::string_view name, const FactsView& facts, std::vector<Tag>& out,
          TagTrace* trace);

void category(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void brand(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void scene(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void function(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void price_band(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void active_hours(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void channel(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void recency(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void frequency(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void monetary(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
void need(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);

}  // namespace rapport::views::tags
