#include "app/command.h"

int main(int argc, char** argv) {
  return rapport::app::run(argc, argv);
}
