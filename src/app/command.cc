#include "app/command.h"

#include <cstdio>
#include <cstdlib>

#include "http/api.h"

namespace rapport::app {

void give_up(const Error& error) {
  std::fprintf(stderr, "rapport: %s\n", error.describe().c_str());
  throw CLI::RuntimeError(1);
}

std::string default_data() {
  const char* folder =
      std::getenv("RAPPORT_DATA");  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
  return folder != nullptr && *folder != '\0' ? folder : "./data";
}

void add_data_option(CLI::App& command, std::string& data) {
  data = default_data();
  command.add_option("--data", data, "data folder ($RAPPORT_DATA, else ./data)")->capture_default_str();
}

void add_shop_option(CLI::App& command, std::string& shop) {
  shop = "main";
  command.add_option("--shop", shop, "shop inside the folder")->capture_default_str();
}

int run(int argc, char** argv) {
  CLI::App app{
      "Rapport: one log of what a shop learns about its customers and its services, and what follows from "
      "it."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "rapport " + std::string(http::kVersion));
  add_serve(app);
  add_keys(app);
  add_link(app);
  add_import(app);
  add_customer(app);
  add_explain(app);
  add_erase(app);
  add_sql(app);
  add_export(app);
  add_verify(app);
  add_tail(app);
  add_backup(app);
  add_erasures(app);
  add_restore(app);
  add_value(app);
  add_simulate(app);
  add_study(app);
  add_rules(app);
  add_classify(app);
  add_feedback(app);
  add_assistant(app);
  add_evaluate(app);
  add_train(app);
  add_recommend(app);
  add_whatif(app);
  add_survey(app);
  add_hypothesis(app);
  add_ledger(app);
  add_parcels(app);
  add_returns(app);
  add_tickets(app);
  add_bench(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& error) {
    return error.get_exit_code();
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  return 0;
}

}  // namespace rapport::app
