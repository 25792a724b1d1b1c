# Time lme4 on the people of a file: fit, random effects with their conditional variances, and the fitted value of every person.
# Arguments: the file, how many skills, and whether shares are fitted too ("yes"). Prints a line of seven columns for each fit.
suppressPackageStartupMessages({library(lme4); library(data.table)})
args <- commandArgs(TRUE)
people <- fread(args[1], nThread = 2)
people[, `:=`(f = factor(f), d = factor(d))]

line <- function(name, time, model, m, criterion) {
  v <- as.data.frame(VarCorr(m))
  of <- function(g) v$vcov[v$grp == g]
  cat(name, time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], model, of("f"), of("d"), sprintf("%.6f", criterion), sep = "\t")
  cat("\n")
}
for (k in seq_len(as.integer(args[2]))) {
  people[, y := as.numeric(get(paste0("y", k)))]
  time <- system.time({
    m <- lmer(y ~ 1 + (1 | f) + (1 | d), people, control = lmerControl(calc.derivs = FALSE))
    effects <- ranef(m, condVar = TRUE)
    fitted <- predict(m)
  })
  line(paste0("lmer, levels, function + department, skill ", k), time, if (k == 1) 0 else -1, m, REMLcrit(m))
  if (args[3] == "yes") {
    cells <- people[, .(yes = sum(get(paste0("b", k))), n = .N), by = .(f, d)]
    time <- system.time({
      m <- glmer(cbind(yes, n - yes) ~ 1 + (1 | f) + (1 | d), cells, family = binomial, control = glmerControl(calc.derivs = FALSE))
      effects <- ranef(m, condVar = TRUE)
      fitted <- predict(m)
    })
    # Less the binomial coefficients, which answers one by one do not have.
    line(paste0("glmer on cells, share, skill ", k), time, if (k == 1) 2 else -1, m, -2 * as.numeric(logLik(m)) + 2 * sum(cells[, lchoose(n, yes)]))
  }
}
