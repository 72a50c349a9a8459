# The report of the icecat command: thumbnails, and texts of others in HTML.
set(cli_dir ${PROJECT_SOURCE_DIR}/examples/cli)
icecat_unit_test(examples cli_thumbnail made_image.c ${cli_dir}/thumbnail.c ${cli_dir}/thumbnail_jpeg.c
                 ${cli_dir}/thumbnail_png.c ${cli_dir}/thumbnail_raster.c ${cli_dir}/sha256.c
                 ${cli_dir}/cli_error.c ${cli_dir}/terminal.c ${cli_dir}/text.c ${cli_dir}/utf8.c)
target_link_libraries(test_examples_cli_thumbnail PRIVATE PkgConfig::JPEG PkgConfig::PNG)
icecat_unit_test(examples cli_report ${cli_dir}/report_labels.c ${cli_dir}/report_orders.c
                 ${cli_dir}/report_tables.c ${cli_dir}/report_text.c ${cli_dir}/result_rows.c
                 ${cli_dir}/result_sort.c ${cli_dir}/table.c ${cli_dir}/terminal.c ${cli_dir}/text.c ${cli_dir}/utf8.c
                 ${cli_dir}/json_out.c)
foreach(name thumbnail report)
  target_include_directories(test_examples_cli_${name} PRIVATE ${cli_dir} ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(test_examples_cli_${name} PRIVATE _XOPEN_SOURCE=700)
endforeach()
