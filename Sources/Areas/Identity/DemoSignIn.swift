/// A sign-in of the demo data, offered on the development sign-in page.
package struct DemoSignIn: Sendable {
    package let role: String
    package let name: String
    package let email: String
    package let password: String

    package init(role: String, name: String, email: String, password: String) {
        self.role = role
        self.name = name
        self.email = email
        self.password = password
    }
}
