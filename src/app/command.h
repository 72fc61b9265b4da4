#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/result.h"

/// What every subcommand shares.
namespace rapport::app {

/// The whole program: parses, runs one subcommand, prints. The exit code: 0 done, 1 refused or failed, 2
/// wrong usage.
int run(int argc, char** argv);

/// Prints "rapport: what was wrong (at where; expected ...)" to standard error and ends the subcommand with
/// code 1.
[[noreturn]] void give_up(const Error& error);
/// The value, or give_up.
template <class T>
T must(Result<T> result) {
  if (!result.ok()) give_up(result.error());
  return std::move(result).value();
}
inline void must(Status status) {
  if (!status.ok()) give_up(status.error());
}

/// $RAPPORT_DATA, else ./data.
std::string default_data();

/// Adds --data to a subcommand.
void add_data_option(CLI::App& command, std::string& data);
/// Adds --shop; its default is "main".
void add_shop_option(CLI::App& command, std::string& shop);

// Each adds one subcommand (commands/).
void add_serve(CLI::App& app);
void add_keys(CLI::App& app);
void add_link(CLI::App& app);
void add_import(CLI::App& app);
void add_customer(CLI::App& app);
void add_explain(CLI::App& app);
void add_erase(CLI::App& app);
void add_sql(CLI::App& app);
void add_export(CLI::App& app);
void add_verify(CLI::App& app);
void add_tail(CLI::App& app);
void add_backup(CLI::App& app);
void add_erasures(CLI::App& app);
void add_restore(CLI::App& app);
void add_value(CLI::App& app);
void add_simulate(CLI::App& app);
void add_study(CLI::App& app);
void add_rules(CLI::App& app);
void add_classify(CLI::App& app);
void add_feedback(CLI::App& app);
void add_assistant(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_train(CLI::App& app);
void add_recommend(CLI::App& app);
void add_whatif(CLI::App& app);
void add_survey(CLI::App& app);
void add_hypothesis(CLI::App& app);
void add_ledger(CLI::App& app);
void add_parcels(CLI::App& app);
void add_returns(CLI::App& app);
void add_tickets(CLI::App& app);
void add_bench(CLI::App& app);

}  // namespace rapport::app
