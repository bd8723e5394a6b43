// Asks the browser to make or use a passkey, and sends what it says. The page brings the options and the words; nothing is fetched.
(function () {
  "use strict";
  var form = document.querySelector("form[data-passkey]");
  if (!form) return;
  var said = document.querySelector("[data-passkey-said]");
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function options() {
    var asked = JSON.parse(form.dataset.options).publicKey;
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    (asked.excludeCredentials || asked.allowCredentials || []).forEach(function (key) { key.id = bytes(key.id); });
    return { publicKey: asked };
  }
  function answer(key) {
    var given = key.response;
    var response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = text(given.attestationObject);
      response.transports = given.getTransports ? given.getTransports() : [];
    } else {
      response.authenticatorData = text(given.authenticatorData);
      response.signature = text(given.signature);
      response.userHandle = given.userHandle ? text(given.userHandle) : null;
    }
    return JSON.stringify({
      id: key.id, rawId: text(key.rawId), type: key.type, response: response,
      extensions: key.getClientExtensionResults()
    });
  }
  function go() {
    if (!window.PublicKeyCredential) {
      said.textContent = said.dataset.none;
      return;
    }
    var asked = form.dataset.passkey === "create" ? navigator.credentials.create(options()) : navigator.credentials.get(options());
    asked.then(function (key) {
      form.elements.answer.value = answer(key);
      form.submit();
    }).catch(function () {
      said.textContent = said.dataset.failed;
    });
  }
  form.querySelector("[data-passkey-go]").addEventListener("click", go);
  go();
})();
