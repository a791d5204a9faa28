// The link's token stands behind #, which no server sees; it is used once, for a cookie.
import { call } from "./api.js";
import { $ } from "./html.js";
import { setLanguage, t } from "./texts.js";

setLanguage(navigator.language.startsWith("zh") ? "zh" : "en");
const token = location.hash.slice(1);
history.replaceState(null, "", "/login"); // not even the browser's own history keeps it

async function enter() {
  if (!token) return ($("#said").textContent = t("login_how"));
  try {
    const { scope } = await call("POST", "/login", { token });
    location.replace(scope === "kiosk" ? "/kiosk" : "/");
  } catch (error) {
    $("#said").textContent = error.status === 401 ? t("login_used") : error.message;
  }
}
enter();
