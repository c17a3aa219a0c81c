// The two clinics of the demo. Each person gets a token that is good for a day.
export const cast = [
  {
    name: 'Aurora Clinic',
    time_zone: 'Europe/Berlin',
    admin: 'Greta Lang',
    company: 'Nordwind Energie',
    hr: 'Hanna Reich',
    specialists: [
      { name: 'Ada Winter', time_zone: 'Europe/Berlin' },
      { name: 'Kenji Sato', time_zone: 'Asia/Tokyo' },
      { name: 'Rosa Lima', time_zone: 'America/Sao_Paulo' }
    ],
    clients: ['Mia Sommer', 'Noah Klein', 'Olga Petrova', 'Paul Weber']
  },
  {
    name: 'Harbour Clinic',
    time_zone: 'America/New_York',
    admin: 'Hugo Marsh',
    company: 'Tidewater Freight',
    hr: 'Ivy Quick',
    specialists: [
      { name: 'Beth Stone', time_zone: 'America/New_York' },
      { name: 'Liam Byrne', time_zone: 'Europe/Dublin' },
      { name: 'Tara Singh', time_zone: 'Asia/Kolkata' }
    ],
    clients: ['Quinn Hall', 'Ruth Adler', 'Sam Okoye', 'Vera Costa']
  }
]
