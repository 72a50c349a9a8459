# batch.cmake - the commands on batches, and what writes results.
target_sources(icecat_cli_objects PRIVATE
  batch_find.c batch_source.c cli_progress.c command_result.c command_results.c command_submit.c
  command_wait.c files.c files_filter.c files_walk.c fingerprints.c glob.c json_out.c out_file.c
  progress.c progress_format.c result_file.c result_print.c result_rows.c result_sort.c
  results_fetch.c results_run.c results_search.c submit_batch.c submit_known.c submit_output.c
  submit_plan.c submit_run.c submit_safe.c submit_scan.c table.c text.c text_time.c utf8.c)
