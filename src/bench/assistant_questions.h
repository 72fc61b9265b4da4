#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Questions to a shop's assistant, written before its phrases were and not among them: what it is measured
/// on.
namespace rapport::bench {

struct AssistantQuestion {
  std::string_view intent, text;
  bool is_test = false;  ///< the half that is looked at once; the other half is for tuning
};

/// In turn of the dev and the test half, by intent.
std::vector<AssistantQuestion> assistant_questions();

/// Several turns of one visitor of the bench's shop, and what each is to do: "> what she says" then "= act"
/// with the act's name as decide/assistant.h has it; dialogues are parted by a line "--".
std::string_view assistant_dialogues();

}  // namespace rapport::bench
