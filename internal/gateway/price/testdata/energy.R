# Wh of an answer by the methodology of EcoLogits 0.9, written from its documentation: in.json -> out.json.
args <- commandArgs(trailingOnly = TRUE)
cases <- jsonlite::fromJSON(args[1])
batch <- 64
latency <- cases$tokens * (0.0006785088094353663 * cases$active + 0.0003119310311688259 * batch + 0.019473717579473387)
gpu_kwh <- cases$tokens * (1.1665273170451914e-06 * exp(-0.011205921025579175 * batch) * cases$active + 4.052928146734005e-05) / 1000
gpus <- 2^ceiling(log2(ceiling(1.2 * cases$total * 16 / 8 / 80)))
server_kwh <- latency / 3600 * 1.2 * gpus / 8 / batch
wh <- 1000 * cases$pue * (server_kwh + gpus * gpu_kwh)
writeLines(jsonlite::toJSON(wh, digits = NA), args[2])
