import type { Words } from './words.ts';

export const fr: Words = {
  labels: {
    number:
      'Facture n°|N° de facture|N° facture|Numéro de facture|Facture N°|Numéro|Réf. facture|Facture|N° de pièce|N° document',
    date: "Date de facture|Date|Date facture|Date de facturation|Date d'émission|En date du|Émise le|Date du document",
    due: "Échéance|Date d'échéance|À payer avant le|Date limite de paiement|Payable le|Règlement le|Date de règlement",
    delivery: "Date de livraison|Livré le|Date de prestation|Date d'expédition|Date de la prestation",
    po: 'Votre commande|N° de commande|Commande n°|Votre commande n°|Bon de commande|Commande client|V/Commande',
    customer: 'N° client|Code client|Client n°|Numéro client|Compte client|Réf. client',
    orderDate: 'Date de commande|Commande du|Date commande',
    deliveryNote: 'Bon de livraison|BL n°|N° de BL|Bon de livraison n°',
    project: 'Affaire|Projet|Chantier|Notre référence|Contrat',
    contact: 'Votre contact|Interlocuteur|Contact|Commercial|Suivi par',
    page: 'Page|Folio',
    billTo: "Facturé à|Client|Adresse de facturation|Destinataire|Facturer à|À l'attention de",
    shipTo: 'Livré à|Adresse de livraison|Livraison|Lieu de livraison',
    from: 'Émetteur|Fournisseur|Vendeur|Prestataire',
    vatId: 'N° TVA|TVA intracommunautaire|N° TVA intracom.|N° de TVA|TVA Intra|N° TVA intracommunautaire|TVA',
    taxNo: 'SIRET|SIREN|N° SIRET',
    buyerVat: 'Votre N° TVA|N° TVA client|TVA client',
    phone: 'Tél.|Tél|Téléphone|T',
    fax: 'Fax|Télécopie',
    email: 'E-mail|Courriel|Mail|Email',
    bank: 'Règlement|Coordonnées bancaires|Banque|RIB|Domiciliation|Paiement par virement',
    account: 'Compte|N° de compte',
    reference: 'Référence|Référence de paiement|À rappeler',
    preceding: "Facture d'origine|Avoir sur facture|Réf. facture d'origine|Concerne la facture",
    period: 'Période|Période de facturation|Période facturée',
    lineSum: 'Sous-total|Sous-total HT|Total lignes|Total marchandises',
    discountTotal: 'Remise|Remise globale|Remise commerciale|Escompte',
    freight: 'Frais de port|Port|Transport|Livraison|Frais de livraison|Port et emballage',
    surcharge: 'Surcharge carburant|Frais de gestion|Emballage|Éco-participation|Frais de dossier',
    net: 'Total HT|Montant HT|Total H.T.|Sous-total HT|Net HT|Total hors taxes|Base HT|Montant total HT',
    tax: 'TVA|Total TVA|Montant TVA|T.V.A.|Taxe',
    base: 'sur|de',
    gross: 'Total TTC|Montant TTC|Total T.T.C.|Total|Montant total TTC|Total général|Net TTC|Total facture|TOTAL TTC',
    prepaid: 'Acompte versé|Acompte|Déjà réglé|Acompte reçu|Payé|Acomptes versés',
    amountDue: 'Net à payer|À payer|Reste à payer|Solde à payer|Montant dû|Solde dû|Total à payer|Montant à payer',
    rounding: "Arrondi|Différence d'arrondi",
    withheld: 'Retenue de garantie|Retenue à la source',
    previous: 'Solde précédent|Solde antérieur|Report solde précédent',
    carried: 'À reporter|Report|Sous-total à reporter',
    brought: 'Report|Report page précédente',
    invoice: "Facture|FACTURE|Facture de vente|Facture client|Note d'honoraires|Facture définitive",
    credit: "Avoir|AVOIR|Facture d'avoir|Note de crédit",
    receipt: 'Ticket de caisse|Reçu|Ticket|Note|Addition|Justificatif',
    cash: 'Espèces|ESPECES|Reçu espèces',
    change: 'Rendu|A rendre|Monnaie',
    card: 'Carte bancaire|CB|Carte bleue|Visa',
    till: 'Caisse|Ticket n°|Vendeur|Terminal',
    colPosition: 'N°|Ligne|Pos.|Nº',
    colArticle: 'Réf.|Référence|Code article|Article|Code',
    colDescription: 'Désignation|Description|Libellé|Prestation|Produit|Désignation des articles|Intitulé',
    colQuantity: 'Qté|Quantité|Qte|Heures|Nombre|Qté livrée',
    colUnit: 'Unité|U.|UV|U',
    colPrice: 'P.U. HT|Prix unitaire|PU HT|Prix unitaire HT|Prix|P.U.|Prix unit. HT|PU',
    colDiscount: 'Remise|Rem. %|Remise %|Rem.',
    colRate: 'TVA|TVA %|Taux TVA|% TVA|Taxes',
    colTotal: 'Montant HT|Total HT|Montant|Total|Prix total HT|Total ligne HT|Montant net HT',
    colTaxAmount: 'Montant TVA|Mt TVA',
    colGross: 'Montant TTC|Total TTC',
    colDate: 'Date',
  },
  months: 'janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre',
  monthsShort: 'janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc.',
  units: {
    piece: 'pce|unité|U|pièce|u.',
    hour: 'h|heures|heure',
    day: 'jours|jour|j',
    weight: 'kg|t',
    pack: 'carton|boîte|lot|paquet',
    metre: 'm|ml|m²',
    flat: 'forfait|ens.|ft',
    month: 'mois',
  },
  text: {
    greeting:
      'Nous vous prions de trouver ci-dessous le détail de nos prestations.|Suite à votre commande, nous vous facturons :|Veuillez trouver ci-après le montant de nos travaux.',
    thanks:
      'Nous vous remercions de votre confiance.|Merci de votre confiance !|Nous restons à votre disposition pour tout renseignement.',
    terms:
      'Paiement à {days} jours date de facture.|Conditions de règlement : {days} jours net|À régler avant le {date}.|Règlement à {days} jours par virement.|Payable au plus tard le {date}.',
    cashDiscount: 'Escompte de 2 % pour paiement sous 10 jours, sinon {days} jours net.',
    reverse: 'Autoliquidation de la TVA par le preneur.|Exonération de TVA, article 262 ter I du CGI.',
    small: 'TVA non applicable, art. 293 B du CGI.',
    exempt: 'Exonéré de TVA, article 261 du CGI.',
    ownership:
      "Les marchandises restent notre propriété jusqu'au paiement intégral.|Pas d'escompte pour paiement anticipé.",
    remark:
      "En cas de retard de paiement, indemnité forfaitaire de 40 euros pour frais de recouvrement.|Pénalités de retard : trois fois le taux d'intérêt légal.|Merci de rappeler le numéro de facture lors de votre règlement.",
  },
  first: 'Camille|Hugo|Léa|Louis|Manon|Jules|Chloé|Adrien|Inès|Mathieu|Claire|Antoine|Sylvie|Bernard|Nathalie|Gérard',
  surnames:
    'Aubertin|Beaulieu|Chastagne|Delacourt|Estival|Fontanel|Garnoux|Hautefeuille|Jolivart|Lamoureux|Marchetti|Noirot|Ollivault|Perronet|Quesnel|Rousselin|Sabatiron|Thévenard|Vauquelin|Villedieu|Bergeaud|Carpentras|Durandeau|Ferrière|Grandvaux|Lacombière|Montaigu|Peyrault|Rivalin|Sauvageon|Tournemine|Vasseur|Brossard|Coquelin|Malherbe|Pontavert',
  trades:
    'Fournitures|Électricité|Menuiserie|Transports|Imprimerie|Conseil|Informatique|Emballages|Plomberie|Boulangerie|Nettoyage|Matériaux|Outillage|Traiteur|Mécanique|Peinture|Jardins|Médical|Bureautique|Maçonnerie|Vins|Textile|Communication|Chauffage|Composants|Formation|Sécurité|Carrelage',
  streets:
    "# rue des Tanneurs|# avenue de la République|# rue du Moulin|# boulevard Carnot|# place du Marché|# chemin des Vignes|# rue Pasteur|# quai des Brumes|ZA des Peupliers, lot #|# impasse des Lilas|# rue de la Gare|# allée des Tilleuls|# route de Lyon|# rue Jean Moulin|# cours Lafayette|# rue Saint-Michel|# zone industrielle Nord|# rue de l'Église|# avenue Foch|# rue Voltaire|# rue du Port|# chemin du Lavoir",
  banks: "Banque des Pentes|Crédit de l'Estuaire|Banque du Ponant|Caisse Alpine|Banque Val de Saône|Crédit Cévenol",
  goods: {
    office:
      'Papier A4 80 g|Stylos bille bleus|Classeur à levier|Cartouche de toner noir|Fauteuil de bureau|Marqueurs effaçables|Enveloppes C5|Lampe de bureau LED|Carnet A5 ligné|Destructeur de documents|Armoire métallique|Ruban 12 mm|Bras pour écran|Papier à en-tête|Cartes de visite',
    hardware:
      "Vis à tête hexagonale M8x40|Colliers de serrage 200 mm|Roulement à billes 6204|Tôle d'acier 2 mm|Flexible hydraulique|Meuleuse d'angle|Jeu de forets|Gants de protection|Projecteur LED 50 W|Câble cuivre 3G1,5|Manomètre|Courroie SPA 1250|Électrodes 3,2 mm|Pompe à engrenages|Chaîne à rouleaux",
    food: "Huile d'olive vierge extra|Café en grains|Eau minérale gazeuse|Comté affiné|Tomates en grappe|Baguette tradition|Blanc de poulet|Gâteau au chocolat|Jus d'orange|Riz basmati|Œufs plein air|Saumon fumé|Pommes|Plateau de sandwichs|Thé vert",
    services:
      "Prestation de conseil|Gestion de projet|Assistance technique|Traduction|Création graphique|Tenue de comptabilité|Conseil juridique|Relevé sur site|Visite d'entretien|Formation|Frais de déplacement|Reportage photo|Étude de marché|Rédaction|Installation et mise en service",
    it: 'Hébergement web|Licence logicielle|Certificat SSL|Stockage cloud 1 To|Ordinateur portable 14"|Commutateur 24 ports|Sauvegarde|Nom de domaine|Maintenance serveur|Station d\'accueil USB-C|Assistance utilisateurs|Pare-feu|Administration de base de données|Accès API|Webcam HD',
    building:
      "Béton C25/30|Plaque de plâtre 13 mm|Travaux de maçonnerie|Tuiles|Liteaux|Terrassement|Location d'échafaudage|Carrelage sol|Panneaux isolants 100 mm|Peinture intérieure|Pose de fenêtres|Location de benne|Sable lavé|Installation électrique|Linteau acier",
    cleaning:
      'Nettoyage de bureaux|Nettoyage de vitres|Shampoing moquette|Désinfectant 5 l|Essuie-mains|Sacs poubelle|Distributeur de savon|Lustrage des sols|Remise en état cuisine|Évacuation des déchets|Blanchisserie|Nettoyant vitres|Franges|Papier toilette|Location de tapis',
    medical:
      'Gants nitrile M|Seringues 5 ml|Tensiomètre|Pansements stériles|Masques chirurgicaux|Perfuseur|Analyse de laboratoire|Thermomètre|Location de fauteuil roulant|Trousse de secours|Gel hydroalcoolique|Bandelettes|Empreinte dentaire|Radiographie|Séance de kinésithérapie',
  },
  qualities:
    'galvanisé|lot de 10|lot de 100|premium|standard|noir|blanc|inox|renforcé|reconditionné|type B|série 400|petit modèle|grand modèle|garantie 24 mois|qualité export|avec accessoires|modèle gauche|article en promotion|selon devis',
  sublines:
    "N° de série {n}|Lot {n}, DLUO 12/2027|selon votre cahier des charges|fixations comprises|Livraison en deux fois|Code douanier {n}|Origine : Italie|voir relevé d'heures joint|Garantie 24 mois",
  sections: "Fournitures|Main d'œuvre|Divers|Site A|Site B|Travaux principaux|Options",
};
