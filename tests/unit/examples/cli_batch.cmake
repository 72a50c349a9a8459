# cli_batch.cmake - the parts of icecat that write output and find files.
set(cli_dir ${PROJECT_SOURCE_DIR}/examples/cli)
set(cli_texts ${cli_dir}/json_out.c ${cli_dir}/utf8.c ${cli_dir}/text.c)
icecat_unit_test(examples cli_json_out ${cli_texts})
icecat_unit_test(examples cli_table ${cli_texts} ${cli_dir}/table.c ${cli_dir}/terminal.c)
icecat_unit_test(examples cli_files ${cli_dir}/files.c ${cli_dir}/files_filter.c ${cli_dir}/files_walk.c
                 ${cli_dir}/glob.c ${cli_dir}/options.c ${cli_dir}/option_table.c ${cli_dir}/suggest.c)
icecat_unit_test(examples cli_progress ${cli_dir}/progress.c ${cli_dir}/progress_format.c)
icecat_unit_test(examples cli_results ${cli_texts} ${cli_dir}/cli_error.c ${cli_dir}/terminal.c ${cli_dir}/fingerprints.c
                 ${cli_dir}/out_file.c ${cli_dir}/result_file.c ${cli_dir}/result_rows.c
                 ${cli_dir}/result_sort.c ${cli_dir}/batch_find.c)
icecat_unit_test(examples cli_text_time ${cli_dir}/text_time.c ${cli_dir}/option_values.c
                 ${cli_dir}/options.c ${cli_dir}/option_table.c ${cli_dir}/suggest.c)
foreach(name text_time json_out table files progress results)
  target_include_directories(test_examples_cli_${name} PRIVATE ${cli_dir})
  target_compile_definitions(test_examples_cli_${name} PRIVATE _XOPEN_SOURCE=700)
endforeach()
