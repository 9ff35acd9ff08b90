"""Steps are data (docs/steps.md): reads sql/steps and compiles the plan that harmonize/engine/steps.py runs."""
