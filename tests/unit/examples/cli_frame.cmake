# The frame of the icecat command: options, settings, files of settings, terminal.
set(cli ${PROJECT_SOURCE_DIR}/examples/cli)
set(cli_option_sources ${cli}/option_table.c ${cli}/option_values.c ${cli}/options.c ${cli}/suggest.c)
set(cli_text_sources ${cli}/cli_error.c ${cli}/terminal.c ${cli}/text.c ${cli}/utf8.c)
icecat_unit_test(examples cli_options ${cli_option_sources})
icecat_unit_test(examples cli_dotenv ${cli}/dotenv.c ${cli}/dotenv_file.c ${cli_text_sources})
icecat_unit_test(examples cli_config ${cli}/client_id.c ${cli}/config.c ${cli}/connect.c ${cli}/dotenv.c
                 ${cli}/dotenv_config.c ${cli}/dotenv_file.c ${cli}/ssm_config.c ${cli_option_sources} ${cli_text_sources})
icecat_unit_test(examples cli_terminal ${cli_text_sources})
foreach(name options dotenv config terminal)
  target_include_directories(test_examples_cli_${name} PRIVATE ${cli})
  target_compile_definitions(test_examples_cli_${name} PRIVATE _XOPEN_SOURCE=700)
endforeach()
