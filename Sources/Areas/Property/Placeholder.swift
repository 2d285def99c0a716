// Property
