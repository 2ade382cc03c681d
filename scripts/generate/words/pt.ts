import type { Words } from './words.ts';

export const pt: Words = {
  labels: {
    number:
      'Fatura n.º|N.º da fatura|Número da fatura|Fatura N.º|Fatura|Factura n.º|Documento n.º|N.º documento|Fatura nº',
    date: 'Data da fatura|Data|Data de emissão|Data emissão|Data do documento|Emitida em',
    due: 'Vencimento|Data de vencimento|Data vencimento|Pagar até|Data limite de pagamento',
    delivery: 'Data de entrega|Data do serviço|Data de envio|Data de carga',
    po: 'V. encomenda|Encomenda n.º|Encomenda|Nota de encomenda|Requisição n.º|Vossa encomenda|N.º de encomenda',
    customer: 'N.º cliente|Cliente n.º|Código cliente|Cód. cliente',
    orderDate: 'Data da encomenda|Data do pedido',
    deliveryNote: 'Guia de remessa|Guia n.º|Guia de transporte',
    project: 'Projeto|Obra|Nossa referência|Contrato',
    contact: 'Contacto|Vendedor|Responsável',
    page: 'Página|Pág.',
    billTo: 'Cliente|Faturar a|Exmo.(s) Sr.(s)|Destinatário|Adquirente|Faturado a',
    shipTo: 'Morada de entrega|Local de descarga|Entregar em|Local de entrega',
    from: 'Fornecedor|Emitente|Vendedor',
    vatId: 'NIF|Contribuinte n.º|NIPC|N.º contribuinte|Contribuinte|NIF/NIPC',
    taxNo: 'Matrícula|Registo',
    buyerVat: 'NIF cliente|V. contribuinte|NIF do adquirente',
    phone: 'Tel.|Telefone|Telef.|Tlf.',
    fax: 'Fax',
    email: 'E-mail|Email',
    bank: 'Dados bancários|Banco|Pagamento|Transferência bancária|Forma de pagamento',
    account: 'Conta|N.º de conta',
    reference: 'Referência de pagamento|Referência',
    preceding: 'Fatura original|Fatura de origem|Referente à fatura',
    period: 'Período|Período de faturação',
    lineSum: 'Subtotal|Soma|Mercadoria/Serviços|Total ilíquido',
    discountTotal: 'Desconto|Desconto comercial|Descontos',
    freight: 'Portes|Transporte|Portes de envio|Envio',
    surcharge: 'Ecotaxa|Embalagem|Taxa de combustível|Outros serviços',
    net: 'Total líquido|Total sem IVA|Incidência|Base tributável|Valor líquido|Subtotal sem IVA',
    tax: 'IVA|Total IVA|Valor do IVA|Imposto|I.V.A.',
    base: 'sobre|de',
    gross: 'Total da fatura|Total|Total com IVA|Total do documento|Total geral|TOTAL|Total (EUR)|Valor total',
    prepaid: 'Adiantamento|Já pago|Sinal|Valor pago',
    amountDue: 'Total a pagar|A pagar|Valor a pagar|Saldo em dívida|Montante a pagar',
    rounding: 'Arredondamento|Acerto',
    withheld: 'Retenção na fonte|Retenção IRS|Retenção',
    previous: 'Saldo anterior|Saldo em dívida anterior',
    carried: 'A transportar|Total página',
    brought: 'De transporte|Transporte da página anterior',
    invoice: 'Fatura|FATURA|Factura|Fatura-Recibo|Fatura comercial',
    credit: 'Nota de crédito|NOTA DE CRÉDITO',
    receipt: 'Fatura simplificada|Talão de venda|Recibo|FATURA SIMPLIFICADA',
    cash: 'Numerário|NUMERÁRIO|Dinheiro',
    change: 'Troco|TROCO',
    card: 'Multibanco|Cartão|Visa',
    till: 'Caixa|Operador|Mesa|Loja',
    colPosition: 'N.º|Linha|Pos.',
    colArticle: 'Código|Artigo|Ref.|Referência|Cód.',
    colDescription: 'Descrição|Designação|Artigo|Descrição dos produtos|Serviço|Produto',
    colQuantity: 'Qtd.|Quantidade|Quant.|Qt.|Horas',
    colUnit: 'Un.|Unid.|UN|Unidade',
    colPrice: 'Preço unit.|Preço|Preço unitário|P. unitário|Pr. Unit.|P.U.',
    colDiscount: 'Desc.|Desc. %|% Desc.|Desconto',
    colRate: 'IVA|IVA %|Taxa IVA|% IVA|Taxa',
    colTotal: 'Total|Valor|Valor líquido|Total líquido|Montante|Total s/ IVA',
    colTaxAmount: 'Valor IVA|Valor do IVA',
    colGross: 'Total com IVA|Total c/ IVA',
    colDate: 'Data',
  },
  months: 'janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro',
  monthsShort: 'jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez',
  units: {
    piece: 'un|UN|un.|pç',
    hour: 'h|horas',
    day: 'dias|dia',
    weight: 'kg|t',
    pack: 'cx|emb.|caixa',
    metre: 'm|ml|m²',
    flat: 'vg|global',
    month: 'mês|meses',
  },
  text: {
    greeting:
      'Vimos por este meio faturar os seguintes artigos e serviços:|Conforme a vossa encomenda, faturamos:|Pelos serviços prestados:',
    thanks:
      'Obrigado pela sua preferência.|Agradecemos a vossa confiança.|Estamos ao dispor para qualquer esclarecimento.',
    terms:
      'Condições de pagamento: {days} dias.|Pagamento a {days} dias da data da fatura.|Agradecemos o pagamento até {date}.|Prazo de pagamento: {days} dias',
    cashDiscount: 'Desconto de 2 % para pagamento em 10 dias; caso contrário, {days} dias.',
    reverse: 'IVA - autoliquidação.|Isento nos termos do artigo 14.º do RITI.',
    small: 'IVA - regime de isenção (artigo 53.º do CIVA).',
    exempt: 'Isento artigo 9.º do CIVA.',
    ownership: 'Os bens permanecem nossa propriedade até integral pagamento.|Não se aceitam devoluções após 8 dias.',
    remark:
      'Processado por programa certificado n.º 9990/AT.|Indique o número da fatura na transferência.|Documento emitido por computador.',
  },
  first: 'Inês|Tiago|Mariana|João|Beatriz|Rui|Sofia|Nuno|Teresa|Miguel',
  surnames:
    'Abrantes|Barradas|Carvalhal|Damásio|Espinheira|Falcato|Gouveia|Horta|Junqueira|Lourenço|Magalhães|Nogueira|Oliveirinha|Pimentel|Quaresma|Rebelo|Sequeira|Teixeira|Valadares|Xavier|Vasconcelos|Figueiredo|Moutinho|Serrano|Bragança|Cordeiro|Salgueiro|Penedo',
  trades:
    'Materiais|Instalações|Transportes|Informática|Embalagens|Construções|Alimentar|Papelaria|Ferragens|Consultoria|Limpezas|Gráfica|Mobiliário|Máquinas|Cerâmicas|Vinhos|Têxteis|Logística|Componentes|Climatização|Carpintaria|Metalurgia',
  streets:
    'Rua do Comércio, #|Avenida da Liberdade, #|Rua das Flores #|Largo do Rossio, #|Rua 25 de Abril, #|Zona Industrial, lote #|Travessa do Forno #|Rua da Estação, #|Estrada Nacional 1, km #|Praça da República #|Rua Nova, #|Rua de Santa Catarina #|Avenida Marginal, #|Rua dos Moinhos, #|Beco do Loureiro #|Rua do Outeiro #',
  banks: 'Banco do Tejo|Caixa do Douro|Banco da Beira|Crédito Atlântico',
  goods: {
    office:
      'Papel A4 80 g|Esferográficas azuis|Pasta de arquivo|Toner preto|Cadeira de escritório|Marcadores de quadro|Envelopes C5|Candeeiro LED|Caderno A5|Destruidora de papel|Arquivo metálico|Fita 12 mm|Braço para monitor|Papel timbrado|Cartões de visita',
    hardware:
      'Parafuso sextavado M8x40|Abraçadeiras 200 mm|Rolamento 6204|Chapa de aço 2 mm|Mangueira hidráulica|Rebarbadora|Jogo de brocas|Luvas de proteção|Projetor LED 50 W|Cabo de cobre 3x1,5|Manómetro|Correia SPA 1250|Elétrodos 3,2 mm|Bomba de engrenagens|Corrente de rolos',
    food: 'Azeite virgem extra|Café em grão|Água mineral com gás|Queijo da serra|Tomate cacho|Pão alentejano|Peito de frango|Bolo de chocolate|Sumo de laranja|Arroz agulha|Ovos|Salmão fumado|Maçãs|Bandeja de sandes|Chá verde',
    services:
      'Serviços de consultoria|Gestão de projeto|Assistência técnica|Tradução|Design gráfico|Contabilidade|Assessoria jurídica|Vistoria|Visita de manutenção|Formação|Despesas de deslocação|Fotografia|Estudo de mercado|Redação de textos|Instalação e arranque',
    it: 'Alojamento web|Licença de software|Certificado SSL|Armazenamento 1 TB|Portátil 14"|Switch 24 portas|Cópias de segurança|Registo de domínio|Manutenção de servidor|Base USB-C|Apoio a utilizadores|Firewall|Administração de bases de dados|Acesso API|Câmara web HD',
    building:
      'Betão C25/30|Placa de gesso 13 mm|Trabalhos de alvenaria|Telhas|Ripas|Escavação|Aluguer de andaimes|Pavimento cerâmico|Painéis isolantes 100 mm|Pintura interior|Colocação de janelas|Contentor de entulho|Areia lavada|Instalação elétrica|Viga de aço',
    cleaning:
      'Limpeza de escritórios|Limpeza de vidros|Lavagem de alcatifas|Desinfetante 5 l|Toalhetes de papel|Sacos de lixo|Doseador de sabão|Polimento de pavimentos|Limpeza de cozinha|Recolha de resíduos|Lavandaria|Limpa-vidros|Mopas|Papel higiénico|Aluguer de tapetes',
    medical:
      'Luvas de nitrilo M|Seringas 5 ml|Medidor de tensão|Ligaduras esterilizadas|Máscaras cirúrgicas|Sistema de soro|Análises laboratoriais|Termómetro|Aluguer de cadeira de rodas|Caixa de primeiros socorros|Gel desinfetante|Tiras de teste|Molde dentário|Radiografia|Sessão de fisioterapia',
  },
  qualities:
    'galvanizado|emb. 10|emb. 100|premium|normal|preto|branco|inox|reforçado|recondicionado|tipo B|série 400|pequeno|grande|garantia 24 meses|qualidade exportação|com acessórios|modelo esquerdo|artigo em promoção|conforme orçamento',
  sublines:
    'N.º de série {n}|Lote {n}, val. 12/2027|conforme especificação|inclui fixações|Entrega em duas partes|Código pautal {n}|Origem: Portugal|ver folha de horas anexa|Garantia 24 meses',
  sections: 'Materiais|Mão de obra|Diversos|Local A|Local B|Trabalhos principais|Extras',
};
