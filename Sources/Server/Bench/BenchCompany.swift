/// The benches' own company, as its `tenant.yaml`: as many roles and categories as a real one.
enum BenchCompany {
    static let slug = "bench"
    static let host = "bench.localhost"

    static let yaml = """
        name: Portico Bench
        hosts: [bench.localhost]
        locales: [en, de]
        timeZone: Europe/Berlin
        currency: EUR
        brand: {hue: 240, chroma: 0.1}
        roles:
          resident:
            title: {de: Mieter, en: Resident}
            permissions: [faults:report, faults:see_own, faults:confirm]
          technician:
            title: {de: Techniker, en: Technician}
            staff: true
            permissions: [faults:see_own, faults:work, property:see]
          manager:
            title: {de: Verwalter, en: Manager}
            staff: true
            permissions: [faults:report, faults:see_own, faults:see_all, faults:assign, faults:work, faults:confirm, property:see,
                          property:edit, people:see]
        identity:
          secondFactor: {requiredFor: [manager]}
        faults:
          categories:
            plumbing: {title: {de: Sanitär, en: Plumbing}, priority: high}
            heating: {title: {de: Heizung, en: Heating}, priority: high}
            electrical: {title: {de: Elektrik, en: Electrical}}
            elevator: {title: {de: Aufzug, en: Elevator}, priority: urgent, resolveHours: 8}
            structural: {title: {de: Bausubstanz, en: Structure}}
            common_area: {title: {de: Gemeinschaftsfläche, en: Common area}}
            security: {title: {de: Schließanlage, en: Locks and security}}
            cleaning: {title: {de: Reinigung, en: Cleaning}, priority: low}

        """
}
