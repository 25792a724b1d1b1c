# lme4 on the same people as the tests. "search" is what lmer or glmer finds itself, searched until little is to be won;
# "point" is everything at the estimates that it was given: relative standard deviations and, for a share, coefficients.
# Usage: Rscript oracle_pool.R cases.json answers.json
suppressMessages({library(lme4); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
tight <- list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-14, ftol_rel = 1e-15, maxeval = 20000)

all <- function(case, m, opt) {
  fixed <- vcov(m, use.hessian = FALSE)
  effects <- lapply(ranef(m, condVar = TRUE), function(r)
    list(level = I(rownames(r)), value = I(r[[1]]), variance = I(as.numeric(attr(r, "postVar")))))
  # The joint covariance of fixed and random effects: the whole matrix of eq. 54 of Bates et al. 2015, inverted.
  lambda <- getME(m, "Lambda"); z <- getME(m, "Z"); x <- getME(m, "X")
  w <- if (case$share) m@resp$sqrtWrkWt()^2 else m@resp$weights
  both <- cbind(z %*% lambda, x)
  penalised <- as.matrix(crossprod(both, w * both)) + diag(c(rep(1, ncol(z)), rep(0, ncol(x))))
  joint <- as.matrix(chol2inv(chol(penalised))) * if (case$share) 1 else sigma(m)^2
  dense <- as.matrix(both)
  criterion <- if (case$share) opt$fval else if (case$reml) REMLcrit(m) else -2 * as.numeric(logLik(m))
  list(fixed = I(as.numeric(fixef(m))), vcov = lapply(seq_len(ncol(x)), function(i) I(as.numeric(fixed[i, ]))),
    variance = lapply(VarCorr(m), function(v) as.numeric(v)), sigma2 = sigma(m)^2,
    criterion = criterion,
    effects = effects, linear = as.numeric(predict(m, type = "link")), se = sqrt(pmax(0, rowSums((dense %*% joint) * dense))))
}

answer <- function(case) {
  data <- as.data.frame(case$people)
  for (v in c("f", "d", "g", "c")) if (!is.null(data[[v]])) data[[v]] <- factor(data[[v]])
  formula <- as.formula(case$formula)
  sorted <- function(names) as.numeric(case$theta[names])
  if (case$share) {
    control <- glmerControl(optimizer = "nloptwrap", optCtrl = tight, tolPwrss = 1e-13, calc.derivs = FALSE, check.conv.singular = "ignore")
    m <- glmer(formula, data, family = binomial, control = control)
    f <- glFormula(formula, data, family = binomial, control = control)
    inner <- do.call(mkGlmerDevfun, c(f, list(control = control)))
    optimizeGlmer(inner, control = control)
    inner <- updateGlmerDevfun(inner, f$reTrms)
    e <- environment(inner)
    # glmer takes the determinant from the step before the last, which leaves noise of 1e-7 in the deviance; here it is taken at
    # the mode, and the search goes on from where glmer's ended.
    deviance <- function(par) {
      inner(par)
      e$pp$updateXwts(e$resp$sqrtWrkWt())
      e$pp$updateDecomp()
      e$resp$Laplace(e$pp$ldL2(), e$pp$ldRX2(), e$pp$sqrL(1))
    }
    lower <- c(f$reTrms$lower, rep(-Inf, length(fixef(m))))
    found <- c(getME(m, "theta"), fixef(m))
    for (i in 1:2) found <- nloptwrap(found, deviance, lower, rep(Inf, length(lower)), control = tight)$par
    par <- c(sorted(names(f$reTrms$cnms)), unlist(case$beta))
  } else {
    control <- lmerControl(optimizer = "nloptwrap", optCtrl = tight, calc.derivs = FALSE, check.conv.singular = "ignore")
    m <- lmer(formula, data, REML = case$reml, weights = w, control = control)
    m <- update(m, start = getME(m, "theta"))
    f <- lFormula(formula, data, REML = case$reml, weights = w, control = control)
    deviance <- do.call(mkLmerDevfun, c(f, list(control = control)))
    e <- environment(deviance)
    found <- getME(m, "theta")
    par <- sorted(names(f$reTrms$cnms))
  }
  at <- function(par) {
    opt <- list(par = par, fval = deviance(par), conv = 0, feval = 1)
    all(case, mkMerMod(e, opt, f$reTrms, fr = f$fr), opt)
  }
  list(search = at(found), point = at(par))
}
cases <- fromJSON(args[1], simplifyVector = FALSE)
for (i in seq_along(cases)) cases[[i]]$people <- lapply(cases[[i]]$people, unlist)
write(toJSON(lapply(cases, answer), auto_unbox = TRUE, digits = NA, null = "null"), args[2])
