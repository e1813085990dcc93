"""What is said about company networks: user names, certificates and the files they come in."""

from __future__ import annotations

COMPANY: dict[str, str] = {
    # on the page of the network
    "network.security_company": "Company network (WPA2)",
    "company.kind": "Sign-in",
    "company.by_password": "User name and password",
    "company.by_certificate": "Certificate",
    "company.user_name": "User name",
    "company.password": "Password",
    "company.certificate": "Certificate file",
    "company.key": "Key file",
    "company.key_inside": "In the same file",
    "company.ca": "Certificate of the network",
    "company.ca_none": "Any (not checked)",
    "company.choose": "Choose…",
    "company.key_password": "Password of the key file",
    "company.more": "More",
    "company.outer_identity": "Name to show outside",
    "company.outer_hint": "anonymous@example.com",
    "demo.company": "In this house {user_name} signs in to {network} with “{passphrase}”.",
    "demo.company.button": "Fill it in",
    # errors: what happened and what to do
    "SW-SIGN-IN-MISSING.what": "This is a company network: a password alone is not enough for it.",
    "SW-SIGN-IN-MISSING.do": "Give the user name and the password, or the certificate, that the "
    "people who run it gave you.",
    "SW-SIGN-IN-NEEDLESS.what": "{network} is no company network and takes no user name and no "
    "certificate.",
    "SW-SIGN-IN-NEEDLESS.do": "Give the password alone, or choose another network.",
    "SW-SIGN-IN-NOT-STORED.what": "{device} did not take this sign-in.",
    "SW-SIGN-IN-NOT-STORED.do": "Check the user name or the certificate, and try again. Some keys "
    "are of a kind that {device} cannot use.",
    "SW-USER-NAME-LENGTH.what": "A user name has 1 to 64 characters.",
    "SW-USER-NAME-LENGTH.do": "Check it and type it again. Letters with accents count as two.",
    "SW-USER-NAME-CHARACTERS.what": "{device} cannot be told a user name with a double quote or a "
    "backslash in it.",
    "SW-USER-NAME-CHARACTERS.do": "Instead of COMPANY\\name, name@company often works. If it does "
    "not, ask the people who run the network.",
    "SW-CERTIFICATE-LENGTH.what": "This certificate, or its key, is longer than {device} can keep.",
    "SW-CERTIFICATE-LENGTH.do": "Ask the people who run the network for a shorter one.",
    "SW-FILE-UNREADABLE.what": "The file {name} cannot be opened.",
    "SW-FILE-UNREADABLE.do": "See that the file is still there and that you may read it, then "
    "choose it again.",
    "SW-NO-CERTIFICATE.what": "There is no certificate in {name}.",
    "SW-NO-CERTIFICATE.do": "Choose another file, often of the kind pem, crt, cer or p12.",
    "SW-NO-PRIVATE-KEY.what": "There is no key in {name} that {device} can use.",
    "SW-NO-PRIVATE-KEY.do": "Choose the file with the key, often of the kind key, pem or p12.",
    "SW-KEY-PASSWORD-MISSING.what": "The file {name} is protected by a password.",
    "SW-KEY-PASSWORD-MISSING.do": "Type that password to go on.",
    "SW-KEY-PASSWORD-WRONG.what": "The password does not open {name}.",
    "SW-KEY-PASSWORD-WRONG.do": "Check the password of this file and type it again.",
    "SW-KEY-MISMATCH.what": "The key does not belong to this certificate.",
    "SW-KEY-MISMATCH.do": "Choose the certificate and the key that were made together.",
    "SW-NETWORK-SIGN-IN.what": "{network} did not let {device} in.",
    "SW-NETWORK-SIGN-IN.do": "Check the user name and the password, or the certificate.",
}
