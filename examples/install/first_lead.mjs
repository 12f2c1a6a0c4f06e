import { validate } from "leadwright";

const lead = validate({ phone: "(773) 555-0123", zip: "60606" }, { schema: "us/home-services@1" });
console.log(lead.valid, lead.canonical.phone, lead.canonical.state);
