import type { Words } from './words.ts';

export const en: Words = {
  labels: {
    number:
      'Invoice No.|Invoice number|Invoice #|Invoice|Inv. No.|Invoice No|Document No.|Tax Invoice No.|Bill No.|Invoice ID|Invoice Nbr',
    date: 'Invoice date|Date|Date of issue|Issue date|Tax point|Dated|Bill date|Inv. Date|Document date|Invoice Dt.',
    due: 'Due date|Payment due|Due|Pay by|Date due|Payment due date|Due by|Payable by',
    delivery: 'Delivery date|Date of supply|Service date|Ship date|Dispatched|Shipped on',
    po: 'PO Number|Your order|Purchase order|P.O. #|Customer PO|Your order no.|PO No.|Order no.|Cust. PO',
    customer: 'Customer no.|Customer ID|Account no.|Client no.|Customer account|Cust. No.|A/C ref',
    orderDate: 'Order date|PO date|Date of order',
    deliveryNote: 'Delivery note|DN No.|Despatch note|Shipment no.|Packing slip',
    project: 'Project|Job no.|Our ref|Contract|Job',
    contact: 'Contact|Your contact|Sales rep|Salesperson|Account manager|Prepared by',
    page: 'Page',
    billTo: 'Bill to|Invoice to|Sold to|Billed to|Customer|Client|Invoice address|Billing address|To',
    shipTo: 'Ship to|Deliver to|Delivery address|Shipping address|Site address',
    from: 'From|Supplier|Seller|Vendor|Remit to',
    vatId: 'VAT No.|VAT Reg. No.|VAT registration number|VAT ID|VAT|VAT number|VAT reg no',
    taxNo: 'Tax no.|Tax ID|UTR',
    buyerVat: 'Your VAT No.|Customer VAT No.|Buyer VAT ID',
    phone: 'Tel|Phone|T|Telephone|Tel.',
    fax: 'Fax|F',
    email: 'Email|E-mail|E|Mail',
    bank: 'Bank details|Payment details|Payment to|Bank|Bank transfer|Remittance',
    account: 'Account|Account no.|Acct no.',
    reference: 'Payment reference|Reference|Quote reference|Please quote',
    preceding: 'Original invoice|Credit for invoice|Refers to invoice',
    period: 'Billing period|Period|Service period|Invoice period',
    lineSum: 'Subtotal|Sub-total|Goods total|Sub total|Items total',
    discountTotal: 'Discount|Less discount|Trade discount|Allowance',
    freight: 'Shipping|Carriage|Freight|Delivery|Shipping & handling|Postage & packing|Delivery charge',
    surcharge: 'Fuel surcharge|Small order surcharge|Handling fee|Energy surcharge|Packing',
    net: 'Net total|Subtotal|Total excl. VAT|Net amount|Total net|Total ex VAT|Amount before tax|Net|Taxable amount',
    tax: 'VAT|VAT total|Total VAT|VAT amount|Tax',
    base: 'on|of|@',
    gross: 'Total|Grand total|Invoice total|Total incl. VAT|Total amount|Total inc VAT|Gross total|Gross amount|TOTAL',
    prepaid: 'Deposit paid|Paid|Less deposit|Payments received|Amount paid|Less payment|Advance',
    amountDue: 'Amount due|Balance due|Total due|Please pay|Balance|Amount payable|Outstanding|Due for payment',
    rounding: 'Rounding|Rounding adjustment|Round off',
    withheld: 'Withholding tax|Less withholding tax',
    previous: 'Previous balance|Opening balance|Balance brought forward',
    carried: 'Carried forward|Carried over|Page total',
    brought: 'Brought forward|Balance brought forward',
    invoice: 'Invoice|INVOICE|Tax Invoice|TAX INVOICE|Sales Invoice|VAT Invoice|Commercial Invoice|Bill',
    credit: 'Credit Note|CREDIT NOTE|Credit Memo|Credit note',
    receipt: 'Receipt|RECEIPT|Sales receipt|Cash sale|VAT receipt',
    cash: 'Cash|Cash tendered|CASH',
    change: 'Change|Change due|CHANGE',
    card: 'Visa|Mastercard|Card|Debit card|Contactless',
    till: 'Till|Terminal|Register|Counter',
    colPosition: '#|Line|Item|No.|Pos',
    colArticle: 'Item|Item code|SKU|Product code|Code|Part no.|Stock code|Art. No.|Ref',
    colDescription:
      'Description|Item description|Details|Particulars|Product|Description of goods|Service|Goods / services|Product description',
    colQuantity: 'Qty|Quantity|Hours|Units|QTY|Qty shipped|Pcs',
    colUnit: 'Unit|UoM|U/M|Per',
    colPrice: 'Unit price|Price|Rate|Unit cost|Price each|Price per unit|U. Price|Unit Price (net)',
    colDiscount: 'Disc.|Discount|Disc %',
    colRate: 'VAT|VAT %|VAT rate|Tax|Tax %',
    colTotal: 'Amount|Total|Line total|Net amount|Net|Ext. price|Extended|Total price|Value',
    colTaxAmount: 'VAT amount|Tax amount|VAT value',
    colGross: 'Gross|Total incl. VAT|Gross amount',
    colDate: 'Date|Service date',
  },
  months: 'January|February|March|April|May|June|July|August|September|October|November|December',
  monthsShort: 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec',
  units: {
    piece: 'pcs|ea|each|unit|EA|pc',
    hour: 'hrs|hours|h|hr',
    day: 'days|day',
    weight: 'kg|lb',
    pack: 'box|pack|case|ctn',
    metre: 'm|ft',
    flat: 'flat|job|lot',
    month: 'month|mo',
  },
  text: {
    greeting:
      'Thank you for your order. We invoice you as follows:|For goods delivered and services rendered we charge:|Please find below the charges for the work carried out.',
    thanks:
      'Thank you for your business!|We appreciate your business.|Thank you for choosing us.|If you have any questions about this invoice please call us.',
    terms:
      'Payment terms: {days} days net.|Payable within {days} days of the invoice date.|Net {days} days.|Terms: {days} days from date of invoice|Please pay by {date}.|Payment is due by {date}.',
    cashDiscount: '2% discount if paid within 10 days, otherwise {days} days net.',
    reverse:
      'Reverse charge: VAT to be accounted for by the recipient.|Customer to pay the VAT to HMRC under the reverse charge.',
    small: 'Not registered for VAT.',
    exempt: 'Exempt from VAT.',
    ownership:
      'Goods remain our property until paid in full.|Title passes on full payment.|Claims must be made within 7 days of receipt.',
    remark:
      'Please quote the invoice number with your payment.|Late payments bear interest at 8% over base rate.|All goods sold subject to our terms and conditions of sale.|E. & O. E.',
  },
  first: 'Oliver|Amelia|George|Isla|Harry|Grace|Noah|Freya|Liam|Ruby|Ethan|Chloe|Mason|Ella|Lucas|Hannah|Owen|Nora',
  surnames:
    'Harding|Whitlock|Pemberton|Ashdown|Colby|Marsden|Thornbury|Keswick|Bramley|Sutcliffe|Garrick|Holloway|Penrose|Langford|Stanmore|Wexley|Radley|Tilford|Burnett|Carver|Dunmore|Ellery|Fairbank|Goodwin|Hawley|Ingram|Jessop|Kirkby|Larkin|Mercer|Norwell|Oakley|Prescott|Quimby|Rowley|Sherborne|Tansley|Underhill|Vickery|Winslow',
  trades:
    'Supplies|Engineering|Logistics|Office Products|Electrical|Joinery|Foods|Instruments|Consulting|Software|Building Services|Packaging|Plumbing|Printing|Cleaning Services|Fasteners|Tools|Catering|Media|Freight|Components|Laboratories|Interiors|Landscaping|Security Systems|Refrigeration|Textiles|Automation|Training|Recruitment',
  streets:
    '# High Street|# Station Road|# Mill Lane|Unit # Calder Works|# Foundry Court|# Victoria Road|# Tannery Row|# Church Hill|# Orchard Way|# Kingfisher Drive|# Albert Street|# Bridge Street|# Quarry Road|# Juniper Avenue|# Maple Drive|# Commerce Boulevard|# Harbor Street|# Industrial Parkway|Suite #, 400 Market Street|# Lakeview Road|# Canal Wharf|# Meadow Close|# Ironmonger Row|# Cedar Court|# Park Lane|# Warehouse Road',
  banks:
    'Aire Valley Bank|Severn Bank|Northgate Bank plc|Lee Valley Bank|First Prairie Bank|Harbour Trust Bank|Union Mercantile Bank|Lakeshore National Bank',
  goods: {
    office:
      'Copy paper A4 80 g|Ballpoint pens blue|Lever arch file 75 mm|Toner cartridge black|Desk chair ergonomic|Whiteboard markers|Envelopes C5|Desk lamp LED|Notebook A5 ruled|Paper shredder|Filing cabinet 4-drawer|Label tape 12 mm|Monitor arm|Printed letterheads|Business cards',
    hardware:
      'Hex bolt M8x40|Cable ties 200 mm|Ball bearing 6204|Steel sheet 2 mm|Hydraulic hose 1/2"|Angle grinder|Drill bit set|Safety gloves|LED floodlight 50 W|Copper wire 2.5 mm2|Pressure gauge|V-belt SPA 1250|Welding rods 3.2 mm|Gear pump|Roller chain',
    food: 'Olive oil extra virgin|Coffee beans|Mineral water sparkling|Cheddar mature|Tomatoes on the vine|Baguette|Chicken breast|Chocolate cake|Orange juice|Basmati rice|Eggs free range|Smoked salmon|Apples|Sandwich platter|Green tea',
    services:
      'Consulting services|Project management|Technical support|Translation work|Graphic design|Bookkeeping|Legal advice|Site survey|Maintenance visit|Training workshop|Travel expenses|Photography|Market research|Copywriting|Installation and commissioning',
    it: 'Web hosting|Software licence|SSL certificate|Cloud storage 1 TB|Laptop 14"|Network switch 24-port|Backup service|Domain registration|Server maintenance|USB-C docking station|User support plan|Firewall appliance|Database administration|API access|Webcam HD',
    building:
      'Concrete C25/30|Plasterboard 12.5 mm|Bricklaying|Roof tiles|Timber battens|Excavation work|Scaffolding hire|Ceramic floor tiles|Insulation boards 100 mm|Interior painting|Window installation|Skip hire|Sand washed|Electrical first fix|Steel lintel',
    cleaning:
      'Office cleaning|Window cleaning|Carpet shampoo|Disinfectant 5 l|Paper towels|Refuse sacks|Soap dispenser|Floor polishing|Deep clean kitchen|Waste disposal|Laundry service|Glass cleaner|Mop heads|Toilet tissue|Entrance mats hire',
    medical:
      'Nitrile gloves M|Syringes 5 ml|Blood pressure monitor|Bandages sterile|Surgical masks|Infusion set|Lab analysis|Thermometer digital|Wheelchair hire|First aid kit|Hand sanitiser|Test strips|Dental impression|X-ray examination|Physiotherapy session',
  },
  qualities:
    'galvanised|pack of 10|pack of 100|premium|standard|black|white|stainless steel|heavy duty|refurbished|Type B|series 400|small|large|12 months warranty|export quality|with accessories|left hand|item on promotion|as per quotation',
  sublines:
    'Serial no. {n}|Batch {n}, best before 12/2027|as per your specification|incl. mounting material|Delivery in two parts|HS code {n}|Country of origin: Germany|see attached time sheet|Warranty 24 months',
  sections: 'Materials|Labour|Other charges|Site A|Site B|Main works|Options',
};
