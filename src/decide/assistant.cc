#include "decide/assistant.h"

#include "decide/detail/assistant_turn.h"

namespace rapport::decide {

AssistantTurn answer(AssistantState before, std::string_view said, const AssistantFacts& facts) {
  return Turn(std::move(before), said, facts).run();
}

}  // namespace rapport::decide
