/** JsSIP's log without the 3 KB of the `debug` package: to the console when localStorage `otklik.sip.log` is "1". */
function sipLog(namespace) {
  const on = localStorage.getItem("otklik.sip.log") === "1";
  return (...parts) => {
    if (on) console.info(namespace, ...parts);
  };
}
module.exports = sipLog;
module.exports.default = sipLog;
