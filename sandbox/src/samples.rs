//! Parcels that nobody uploaded: small orders and invoices from the partner.

/// The name and the content of the sample of that number: an X12 order, an EDIFACT order, an X12 invoice, and again.
pub(crate) fn sample(number: u64, to: &str) -> (String, Vec<u8>) {
    match number % 3 {
        1 => {
            let lines = [
                format!("BEG*00*SA*PO-{number}**20260507"),
                "PO1*1*12*EA*9.95**VP*WIDGET".to_owned(),
                "CTT*1".to_owned(),
            ];
            (format!("order-{number}.x12"), x12(number, to, "PO", "850", &lines))
        }
        2 => (format!("order-{number}.edi"), edifact(number, to)),
        _ => {
            let lines = [
                format!("BIG*20260507*INV-{number}**PO-{number}"),
                "IT1*1*12*EA*9.95**VP*WIDGET".to_owned(),
                "TDS*11940".to_owned(),
                "CTT*1".to_owned(),
            ];
            (format!("invoice-{number}.x12"), x12(number, to, "IN", "810", &lines))
        }
    }
}

fn x12(number: u64, to: &str, group: &str, document: &str, lines: &[String]) -> Vec<u8> {
    let none = " ".repeat(10);
    let mut segments = vec![
        format!("ISA*00*{none}*00*{none}*ZZ*{:<15}*ZZ*{to:<15}*260507*0800*U*00401*{number:09}*0*T*>", "PARTNERCO"),
        format!("GS*{group}*PARTNERCO*{to}*20260507*0800*{number}*X*004010"),
        format!("ST*{document}*0001"),
    ];
    segments.extend_from_slice(lines);
    segments.extend([
        // ST and SE count too.
        format!("SE*{}*0001", lines.len() + 2),
        format!("GE*1*{number}"),
        format!("IEA*1*{number:09}"),
    ]);
    (segments.join("~\n") + "~\n").into_bytes()
}

/// In ISO 8859-1, which UNOC stands for: who takes a parcel for UTF-8 spoils it.
fn edifact(number: u64, to: &str) -> Vec<u8> {
    let text = format!(
        "UNA:+.? 'UNB+UNOC:3+PARTNERCO:ZZ+{to}:ZZ+260507:0800+{number}'UNH+1+ORDERS:D:96A:UN'\
         BGM+220+PO-{number}+9'DTM+137:20260507:102'NAD+BY+++M\u{fc}ller GmbH'LIN+1++WIDGET:SA'QTY+21:12'\
         UNS+S'UNT+8+1'UNZ+1+{number}'"
    );
    text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange;

    #[test]
    fn samples_are_what_they_say() {
        for (number, document) in [(1, "850"), (2, "ORDERS"), (3, "810"), (4, "850")] {
            let (_, content) = sample(number, "YOU");
            let [found] = &interchange::all(&content)[..] else {
                panic!("one interchange");
            };
            assert_eq!((found.sender.as_str(), found.receiver.as_str()), ("PARTNERCO", "YOU"));
            assert_eq!(found.control_id.parse(), Ok(number));
            assert_eq!(found.documents, [(document.to_owned(), 1)]);
        }
    }
}
