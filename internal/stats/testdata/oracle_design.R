# Answers of the R package survey for the cases that oracle_test.go generates: shares, means, totals, tests, raking.
# Usage: Rscript oracle_design.R cases.json answers.json
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", warn = -1)

build <- function(c) {
  d <- data.frame(w = c$weights, y = c$item, g = factor(c$group), v = as.numeric(c$score))
  d$y[d$y == 0] <- NA                     # code 0 is outside the base
  d$s <- if (length(c$strata)) c$strata else 1
  d$p <- if (length(c$clusters)) c$clusters else seq_len(nrow(d))
  if (length(c$population)) d$fpc <- c$population[d$s + if (length(c$strata)) 1 else 0]
  des <- svydesign(ids = ~p, strata = if (length(c$strata)) ~s, weights = ~w, fpc = if (length(c$population)) ~fpc, data = d)
  if (length(c$margins)) {
    forms <- list(); pops <- list()
    for (m in seq_along(c$margins)) {
      name <- paste0("m", m)
      des$variables[[name]] <- c$margins[[m]]$codes
      forms[[m]] <- as.formula(paste0("~", name))
      pops[[m]] <- setNames(data.frame(seq_along(c$margins[[m]]$targets) - 1, c$margins[[m]]$targets), c(name, "Freq"))
    }
    des <- rake(des, forms, pops, control = list(maxit = 500, epsilon = 1e-12))
  }
  des
}

share <- function(des, inside, k, kmax) {
  s <- des[which(inside), ]
  n <- sum(inside)
  s$variables$one <- as.numeric(!is.na(s$variables$y) & s$variables$y == k)
  m <- svymean(~one, s)
  p <- as.numeric(coef(m)); v <- as.numeric(vcov(m)); df <- degf(s)
  r <- list(n = sum(inside & des$variables$y == k, na.rm = TRUE), base = n, share = p, se = sqrt(v), df = df)
  if (df > 0 && p > 1e-12 && p < 1 - 1e-12 && v > 0) {
    # svyciprop(method = "logit") does this with glm's loose convergence
    fit <- svyglm(one ~ 1, s, family = quasibinomial, control = glm.control(epsilon = 1e-15, maxit = 100))
    r$logit <- as.numeric(plogis(confint(fit, 1, method = "Wald", ddf = df)))
    loose <- as.numeric(attr(svyciprop(~one, s, method = "logit"), "ci"))
    if (any(abs(loose - r$logit) > 1e-6)) stop("svyciprop differs from its own fit")
    if (is.null(des$postStrata)) {
      r$beta <- as.numeric(attr(svyciprop(~one, s, method = "beta"), "ci"))
    } else { # subsetting a raked design keeps all rows, so that nrow() in svyciprop is not the base
      ne <- p * (1 - p) / v * (qt(.025, n - 1) / qt(.025, df))^2
      r$beta <- c(qbeta(.025, ne * p, ne * (1 - p) + 1), qbeta(.975, ne * p + 1, ne * (1 - p)))
    }
  }
  r
}

score <- function(des, inside) {
  s <- des[which(inside), ]
  m <- svymean(~v, s, na.rm = TRUE); t <- svytotal(~v, s, na.rm = TRUE); df <- degf(s)
  ci <- if (df > 0) as.numeric(confint(m, df = df)) else numeric(0)
  sd <- NA
  if (sum(inside) > 1) sd <- sqrt(as.numeric(svyvar(~v, s, na.rm = TRUE)))
  list(base = sum(inside), mean = as.numeric(coef(m)), se = as.numeric(SE(m)), sd = sd, df = df, ci = ci,
       total = as.numeric(coef(t)), totalse = as.numeric(SE(t)))
}

answer <- function(c) {
  des <- build(c); d <- des$variables
  r <- list(name = c$name, weights = if (length(c$margins)) as.numeric(weights(des)) else numeric(0), degf = degf(des))
  ybase <- !is.na(d$y); vbase <- !is.na(d$v)
  groups <- c(list(rep(TRUE, nrow(d))), lapply(seq_len(c$groups) - 1, function(g) d$g == g))
  r$shares <- lapply(groups, function(i) {
    if (!any(i & ybase)) return(list())
    lapply(seq_len(c$classes), function(k) share(des, i & ybase, k))
  })
  r$means <- lapply(groups, function(i) if (any(i & vbase)) score(des, i & vbase) else list(base = 0))
  s <- des[which(ybase), ]
  df <- degf(s)
  t <- tryCatch({
    if (is.null(des$postStrata)) svychisq(~y + g, s, statistic = "F") else svychisq(~y + g, des, statistic = "F")
  }, error = function(e) NULL)
  if (!is.null(t)) {
    f <- as.numeric(t$statistic); d0 <- as.numeric(t$parameter[1])
    tab <- if (is.null(des$postStrata)) svytable(~y + g, s) else svytable(~y + g, des)
    tab <- tab[rowSums(tab) > 0, colSums(tab) > 0, drop = FALSE]
    x2 <- suppressWarnings(chisq.test(tab, correct = FALSE)$statistic)
    r$chisq <- list(f = f, df1 = d0, df2 = d0 * df, p = pf(f, d0, d0 * df, lower.tail = FALSE),
                    v = as.numeric(sqrt(x2 / sum(tab) / (min(dim(tab)) - 1))))
  }
  s <- des[which(vbase), ]
  t <- tryCatch({
    m <- svyglm(v ~ g, s)
    regTermTest(m, ~g)
  }, error = function(e) NULL)
  if (!is.null(t) && is.finite(t$Ftest) && t$ddf > 0)
    r$wald <- list(f = as.numeric(t$Ftest), df1 = t$df, df2 = t$ddf, p = as.numeric(t$p))
  r
}

args <- commandArgs(TRUE)
cases <- fromJSON(args[1], simplifyVector = TRUE, simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
write(toJSON(lapply(cases, answer), digits = NA, auto_unbox = TRUE, null = "null", na = "null"), args[2])
