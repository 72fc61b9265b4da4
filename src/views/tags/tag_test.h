#pragma once

#include "views/tags/tags.h"

namespace rapport::views {

/// A rule's question about a tag: yes when one value of that name is meant and strong enough.
Outcome eval_tag_test(const TagTest& test, const FactsView& facts);

}  // namespace rapport::views
