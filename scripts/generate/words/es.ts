import type { Words } from './words.ts';

export const es: Words = {
  labels: {
    number:
      'Factura n.º|Nº de factura|Número de factura|Nº factura|Factura Nº|Factura|Núm. factura|N.º factura|Documento nº',
    date: 'Fecha de factura|Fecha|Fecha factura|Fecha de emisión|Fecha emisión|Fecha de expedición',
    due: 'Vencimiento|Fecha de vencimiento|Fecha vencimiento|Vence el|Pagar antes del|Fecha de pago',
    delivery: 'Fecha de entrega|Fecha de servicio|Fecha de envío|Fecha operación',
    po: 'Su pedido|Nº de pedido|Pedido|Pedido nº|Orden de compra|S/Pedido|Nº pedido',
    customer: 'N.º de cliente|Código cliente|Cliente nº|Cód. cliente|Nº cliente',
    orderDate: 'Fecha de pedido|Fecha pedido',
    deliveryNote: 'Albarán|Nº albarán|Albarán nº',
    project: 'Proyecto|Obra|Nuestra referencia|Contrato',
    contact: 'Contacto|Comercial|Vendedor|Atendido por',
    page: 'Página|Pág.|Hoja',
    billTo: 'Cliente|Facturar a|Datos del cliente|Destinatario|Facturado a|Datos de facturación',
    shipTo: 'Dirección de entrega|Enviar a|Lugar de entrega|Entregar en',
    from: 'Emisor|Proveedor|Vendedor|Datos del emisor',
    vatId: 'NIF|CIF|N.I.F.|NIF/CIF|C.I.F.|NIF-IVA',
    taxNo: 'Registro|Nº registro',
    buyerVat: 'NIF cliente|CIF cliente|Su NIF',
    phone: 'Tel.|Teléfono|Tfno.|Telf.',
    fax: 'Fax',
    email: 'E-mail|Correo|Email|Correo electrónico',
    bank: 'Forma de pago|Datos bancarios|Cuenta bancaria|Domiciliación|Banco|Transferencia bancaria',
    account: 'Cuenta|Nº de cuenta',
    reference: 'Concepto|Referencia de pago|Referencia',
    preceding: 'Factura original|Factura rectificada|Rectifica a la factura',
    period: 'Período|Periodo de facturación|Período de facturación',
    lineSum: 'Subtotal|Suma|Importe bruto|Total bruto',
    discountTotal: 'Descuento|Dto. comercial|Descuento comercial|Dto. pronto pago',
    freight: 'Portes|Gastos de envío|Transporte|Envío',
    surcharge: 'Recargo combustible|Embalaje|Gastos de gestión|Seguro',
    net: 'Base imponible|Base|B. imponible|Total neto|Base Imponible|Importe neto|Total sin IVA',
    tax: 'IVA|Cuota IVA|I.V.A.|Total IVA|Importe IVA',
    base: 'sobre|de|s/',
    gross: 'Total factura|Total|TOTAL|Importe total|Total con IVA|TOTAL FACTURA|Total general|Total IVA incluido',
    prepaid: 'Anticipo|A cuenta|Pagado|Entregado a cuenta|Anticipos',
    amountDue: 'Total a pagar|A pagar|Líquido a pagar|Importe a pagar|Pendiente de pago|Saldo pendiente',
    rounding: 'Redondeo|Ajuste',
    withheld: 'Retención IRPF|IRPF|Retención',
    previous: 'Saldo anterior|Saldo previo',
    carried: 'Suma y sigue|Suma y sigue...',
    brought: 'Suma anterior|Suma página anterior',
    invoice: 'Factura|FACTURA|Factura de venta|Factura comercial',
    credit: 'Factura rectificativa|Abono|Nota de crédito|FACTURA RECTIFICATIVA',
    receipt: 'Factura simplificada|Ticket|Recibo|FACTURA SIMPLIFICADA|Tique',
    cash: 'Efectivo|Entregado|EFECTIVO',
    change: 'Cambio|A devolver|CAMBIO',
    card: 'Tarjeta|VISA|Tarjeta de crédito',
    till: 'Caja|Mesa|Terminal|Tienda',
    colPosition: 'N.º|Lín.|Línea|Pos.',
    colArticle: 'Ref.|Código|Referencia|Cód. artículo|Artículo',
    colDescription: 'Descripción|Concepto|Descripción del artículo|Detalle|Producto|Artículo',
    colQuantity: 'Cant.|Cantidad|Uds.|Unidades|Horas|Ctd.',
    colUnit: 'Ud.|Unidad|U.M.|UM',
    colPrice: 'Precio|Precio unitario|P. unitario|Precio ud.|P. Unit.|Precio unit.|Tarifa',
    colDiscount: 'Dto.|% Dto.|Dto. %|Descuento',
    colRate: 'IVA|% IVA|IVA %|Tipo IVA',
    colTotal: 'Importe|Total|Subtotal|Importe neto|Total línea|Neto',
    colTaxAmount: 'Cuota IVA|Importe IVA',
    colGross: 'Total con IVA|Importe con IVA',
    colDate: 'Fecha',
  },
  months: 'enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre',
  monthsShort: 'ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic',
  units: {
    piece: 'ud|uds|ud.|pza',
    hour: 'h|horas',
    day: 'días|día',
    weight: 'kg|t',
    pack: 'caja|paq.|lote',
    metre: 'm|ml|m²',
    flat: 'p.a.|servicio|global',
    month: 'mes|meses',
  },
  text: {
    greeting:
      'Detallamos a continuación los trabajos realizados:|Según su pedido, le facturamos:|Por los servicios prestados:',
    thanks: 'Gracias por su confianza.|Muchas gracias por su compra.|Para cualquier consulta, no dude en contactarnos.',
    terms:
      'Pago a {days} días fecha factura.|Forma de pago: transferencia a {days} días|Rogamos efectúen el pago antes del {date}.|Condiciones de pago: {days} días.',
    cashDiscount: 'Descuento del 2 % por pago en 10 días; en otro caso, {days} días.',
    reverse: 'Inversión del sujeto pasivo (art. 84 Ley 37/1992).|Entrega intracomunitaria exenta, art. 25 Ley 37/1992.',
    small: 'Operación no sujeta a IVA.',
    exempt: 'Exento de IVA según art. 20 de la Ley 37/1992.',
    ownership:
      'La mercancía es propiedad del vendedor hasta su pago total.|No se admiten devoluciones pasados 15 días.',
    remark:
      'Indique el número de factura en su transferencia.|Inscrita en el Registro Mercantil.|El retraso en el pago devengará los intereses legales.',
  },
  first: 'Lucía|Javier|Carmen|Alejandro|Marta|Pablo|Elena|Sergio|Nuria|Andrés|Pilar|Jorge',
  surnames:
    'Aldecoa|Baroja|Caballero|Domingo|Echevarría|Figueras|Galdeano|Herreros|Iturbe|Jiménez|Larrañaga|Montalbán|Navarrete|Olmedo|Peñalver|Quintana|Robledo|Salvatierra|Tejada|Urrutia|Valdivia|Zamorano|Arconada|Benavente|Cisneros|Esquivel|Carranza|Mendizábal|Alcántara|Belmonte',
  trades:
    'Suministros|Instalaciones|Ferretería|Transportes|Consultores|Informática|Envases|Construcciones|Electricidad|Alimentación|Limpiezas|Imprenta|Carpintería|Maquinaria|Papelería|Cerámicas|Bodegas|Textiles|Mobiliario|Climatización|Logística|Hostelería|Jardinería|Asesores|Componentes|Metales',
  streets:
    'Calle del Alfar #|Avda. de la Constitución, #|C/ Mayor, #|Calle San Juan #|Plaza del Mercado, #|Polígono Industrial Las Eras, nave #|Paseo de la Ribera #|C/ Cervantes, #|Ronda Norte, #|Calle Real #|Avenida del Puerto #|C/ Molino, #|Camino Viejo #|Carretera de Valencia km #|Calle Goya, #|C/ Industria #|Travesía del Olmo #|Avda. Libertad #',
  banks: 'Caja del Alfar|Banco Ribera|Banco del Cantábrico|Caja Meseta|Banca Alborán',
  goods: {
    office:
      'Papel A4 80 g|Bolígrafos azules|Archivador de palanca|Tóner negro|Silla de oficina|Rotuladores de pizarra|Sobres C5|Lámpara LED de mesa|Cuaderno A5|Destructora de papel|Archivador metálico|Cinta 12 mm|Brazo para monitor|Papel con membrete|Tarjetas de visita',
    hardware:
      'Tornillo hexagonal M8x40|Bridas 200 mm|Rodamiento 6204|Chapa de acero 2 mm|Manguera hidráulica|Amoladora angular|Juego de brocas|Guantes de protección|Proyector LED 50 W|Cable de cobre 3x1,5|Manómetro|Correa SPA 1250|Electrodos 3,2 mm|Bomba de engranajes|Cadena de rodillos',
    food: 'Aceite de oliva virgen extra|Café en grano|Agua mineral con gas|Queso manchego|Tomates en rama|Barra de pan|Pechuga de pollo|Tarta de chocolate|Zumo de naranja|Arroz bomba|Huevos camperos|Salmón ahumado|Manzanas|Bandeja de bocadillos|Té verde',
    services:
      'Servicios de consultoría|Gestión de proyecto|Soporte técnico|Traducción|Diseño gráfico|Contabilidad|Asesoría jurídica|Inspección en obra|Visita de mantenimiento|Curso de formación|Gastos de viaje|Fotografía|Estudio de mercado|Redacción de textos|Instalación y puesta en marcha',
    it: 'Alojamiento web|Licencia de software|Certificado SSL|Almacenamiento 1 TB|Portátil 14"|Switch 24 puertos|Copias de seguridad|Registro de dominio|Mantenimiento de servidor|Base USB-C|Soporte a usuarios|Cortafuegos|Administración de base de datos|Acceso API|Cámara web HD',
    building:
      'Hormigón HA-25|Placa de yeso 13 mm|Trabajos de albañilería|Tejas|Listones|Excavación|Alquiler de andamio|Pavimento cerámico|Paneles aislantes 100 mm|Pintura interior|Colocación de ventanas|Contenedor de escombros|Arena lavada|Instalación eléctrica|Viga de acero',
    cleaning:
      'Limpieza de oficinas|Limpieza de cristales|Champú de moquetas|Desinfectante 5 l|Toallas de papel|Bolsas de basura|Dispensador de jabón|Abrillantado de suelos|Limpieza de cocina|Retirada de residuos|Lavandería|Limpiacristales|Mopas|Papel higiénico|Alquiler de alfombras',
    medical:
      'Guantes de nitrilo M|Jeringas 5 ml|Tensiómetro|Vendas estériles|Mascarillas|Equipo de infusión|Análisis de laboratorio|Termómetro|Alquiler de silla de ruedas|Botiquín|Gel desinfectante|Tiras reactivas|Molde dental|Radiografía|Sesión de fisioterapia',
  },
  qualities:
    'galvanizado|paquete de 10|paquete de 100|premium|estándar|negro|blanco|inoxidable|reforzado|reacondicionado|tipo B|serie 400|pequeño|grande|garantía 24 meses|calidad exportación|con accesorios|modelo izquierdo|artículo en oferta|según presupuesto',
  sublines:
    'N.º de serie {n}|Lote {n}, cad. 12/2027|según especificación|incluye fijaciones|Entrega en dos partes|Código arancelario {n}|Origen: España|ver parte de horas adjunto|Garantía 24 meses',
  sections: 'Materiales|Mano de obra|Varios|Centro A|Centro B|Trabajos principales|Extras',
};
